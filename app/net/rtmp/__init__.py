"""RTMP, both ends: a pure core (`amf`, `chunks`, `server_session`, `client_session`) and two thin
shells of sockets (`listener`, `target_link`)."""
