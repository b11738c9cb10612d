//! The built program against the simulator, as a user would run both.
