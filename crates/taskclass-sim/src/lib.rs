//! A simulator of GitHub's side: agent tasks, repositories, pull requests, limits and faults.
