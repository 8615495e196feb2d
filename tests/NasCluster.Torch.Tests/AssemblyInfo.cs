// Tensors are counted in one test, so no other may run beside it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
