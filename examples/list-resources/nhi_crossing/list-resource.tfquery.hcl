# Crossings that end within a quarter.
list "nhi_crossing" "ending" {
  provider = nhi

  config {
    expiring_within = "90d"
  }
}
