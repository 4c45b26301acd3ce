"""The reviewer's console: the queue, and a case on one screen."""
