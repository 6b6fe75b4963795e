"""What users tell the relay's admins, and what these answer; appeals against sanctions too."""
