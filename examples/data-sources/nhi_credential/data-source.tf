# A secret that still exists: when was it exchanged last?
data "nhi_credential" "mirror" {
  name = "checkout-mirror-password"
}

output "mirror_rotated_at" {
  value = try(data.nhi_credential.mirror.last_rotation.at, "never")
}
