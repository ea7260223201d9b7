return await VirtEngine.DR.Simulation.Node.NodeProgram.RunAsync(args);
