# Asks for every rotation that is due within a week. A pipeline that exchanges secrets runs it first, and a second one with
# `credential` and `reference` when it has exchanged one.
action "nhi_rotate_due" "week" {
  config {
    within = "7d"
  }
}

action "nhi_rotate_due" "mirror" {
  config {
    credential = "checkout-mirror-password"
    reference  = "kv/ci/checkout/mirror, version 12"
  }
}
