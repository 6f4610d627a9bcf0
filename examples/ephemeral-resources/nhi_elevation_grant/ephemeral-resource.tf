# Raised while this run lasts, and no longer. It opens when two others have approved.
ephemeral "nhi_elevation_grant" "repair" {
  elevation = "repair-production"
  subject   = "group:platform-oncall"
  reason    = "The pipeline is down, PLAT-1533."
  lease     = "15m"
}
