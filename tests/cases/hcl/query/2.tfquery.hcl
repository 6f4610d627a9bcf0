list "nhi_identity" "twos" {
  provider = nhi

  config {
    tier = 2
  }
}
