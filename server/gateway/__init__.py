"""Where sockets end: listener, handshake, control dispatch, media sockets, HTTP endpoints.

The only place that knows `websockets`.
"""
