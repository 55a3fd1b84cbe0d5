"""A time-boxed trial of the whole thing, with what would make us stop written down first."""
