"""Cut a change map into regions and classify each: changed content, annotation or neither."""
