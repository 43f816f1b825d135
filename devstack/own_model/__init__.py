"""A double of SageMaker's asynchronous endpoints, for models of one's own."""
