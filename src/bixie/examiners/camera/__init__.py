"""What a camera, a program or a messenger wrote into a file, compared with the picture and the order."""
