return VirtEngine.DR.Guard.GuardProgram.Run(args);
