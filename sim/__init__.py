"""Agent-based simulation of a technology firm's chip supply under sanctions."""
