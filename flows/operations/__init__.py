"""Run the office: services under Prefect, the watch and its alerts, health checks, stored content, backups."""
