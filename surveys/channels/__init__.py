"""One module for each way in; each makes the same thing of it: a `Submission`."""
