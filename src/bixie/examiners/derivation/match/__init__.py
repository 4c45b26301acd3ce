"""Register a known picture with an exhibit: keypoints, homographies, agreement patch by patch."""
