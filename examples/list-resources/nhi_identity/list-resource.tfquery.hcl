# Identities of production control that nobody answers for.
list "nhi_identity" "unowned" {
  provider = nhi

  config {
    tier    = 0
    unowned = true
  }
}
