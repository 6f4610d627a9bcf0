# Every manifest of another workspace; it can be looked at, and imported there.
list "nhi_manifest" "support" {
  provider = nhi

  config {
    workspace = "support"
  }
}
