"""The science: pure array functions with unit and source; knows world, never Mesa."""
