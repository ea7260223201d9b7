using VirtEngine.DR.Activities.Signing;
using VirtEngine.DR.Activities.Tests.Support;
using VirtEngine.DR.Signing;

namespace VirtEngine.DR.Activities.Tests.ObjectStore;
