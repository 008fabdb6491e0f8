"""Beyond one machine: gateways near the athletes publish what their sensors say, a hub runs the one engine.

The session is a pure function of its events, so the events travel: a gateway cuts them into numbered blocks, the hub
puts the blocks of all gateways in order on one clock and feeds them to its session. See `blocks` for the format.
"""
