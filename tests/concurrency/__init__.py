"""Races on a real PostgreSQL. No sleeps and no clocks: threads meet at barriers, results are counted afterwards."""
