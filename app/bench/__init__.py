"""The benches: how fast the engine answers beside others, and how well it ranks.

Read in this order: corpus (what is searched and asked), peers (who answers), timing, memory, speed,
telling.
"""
