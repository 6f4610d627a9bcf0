resource "terraform_data" "overridden" {
  input = "as overridden"
}
