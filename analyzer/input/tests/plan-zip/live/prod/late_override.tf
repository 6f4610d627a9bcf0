resource "terraform_data" "root" {
  input = {
    owner = "security"
  }
}
