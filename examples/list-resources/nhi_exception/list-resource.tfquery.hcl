# Exceptions that end within a month.
list "nhi_exception" "ending" {
  provider = nhi

  config {
    expiring_within = "30d"
  }
}
