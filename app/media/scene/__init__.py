"""What stands between capture and encoders: the picture is fitted to a layer here."""
