# What one owner lends.
list "nhi_elevation" "platform" {
  provider = nhi

  config {
    owner = "team-platform"
  }
}
