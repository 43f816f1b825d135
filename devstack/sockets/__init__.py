"""API Gateway's WebSocket half."""
