"""From the laptop to AWS: packaging, deploying, checking. Nothing here ships."""
