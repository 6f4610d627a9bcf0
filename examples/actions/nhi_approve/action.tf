# Somebody else's run: `terraform apply -invoke=action.nhi_approve.promote`.
action "nhi_approve" "promote" {
  config {
    kind = "crossing"
    name = "promote-fraud-model"
    note = "Agreed for the time until the pipeline can do it."
  }
}
