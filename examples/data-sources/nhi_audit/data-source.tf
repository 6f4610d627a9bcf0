# Whether the audit chain still holds, and where it stands. Keep number and head elsewhere: with them a later run notices a chain
# that was cut off or written anew.
data "nhi_audit" "now" {
}

check "chain" {
  assert {
    condition     = data.nhi_audit.now.verified
    error_message = "The audit chain of the register is broken."
  }
}

output "audit_head" {
  value = data.nhi_audit.now.head
}
