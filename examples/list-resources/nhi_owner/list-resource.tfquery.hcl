# Every owner that the register knows for this workspace.
list "nhi_owner" "all" {
  provider = nhi
}
