# Access for emergencies that one owner answers for.
list "nhi_break_glass" "platform" {
  provider = nhi

  config {
    owner = "team-platform"
  }
}
