# Identities of production that nobody answers for: a check that every plan repeats.
data "nhi_identities" "unowned" {
  environment = "production"
  unowned     = true
}

check "ownership" {
  assert {
    condition     = length(data.nhi_identities.unowned.names) == 0
    error_message = "Nobody answers for ${join(", ", data.nhi_identities.unowned.names)}."
  }
}
