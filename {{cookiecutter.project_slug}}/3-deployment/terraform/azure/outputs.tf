output "registry" {
  description = "Push the image here: make image-push TAG=<this>/model:<tag>."
  value       = azurerm_container_registry.service.login_server
}

output "artifacts" {
  description = "The container of the tracking store and of DVC's remote."
  value       = "azure://${azurerm_storage_container.artifacts.name}"
}

output "address" {
  description = "Where the service answers, once there is an image."
  value       = one(azurerm_container_app.service[*].ingress[0].fqdn)
}
