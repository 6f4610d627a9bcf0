# Where workloads of a zone may reach to.
data "nhi_zone" "build" {
  name = "build"
}

output "build_reaches" {
  value = data.nhi_zone.build.reaches
}
