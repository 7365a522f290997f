"""Operations of Switchroom's own service: sessions, the agent desktop, the administration pages."""
