# The freezes of one owner.
list "nhi_freeze" "platform" {
  provider = nhi

  config {
    owner = "team-platform"
  }
}
