"""A stand-in org.bluez for a private D-Bus: bleak's own BlueZ backend talks to it and to no Bluetooth hardware.

It answers as bluetoothd does (BlueZ: doc/org.bluez.*.rst, src/adapter.c, src/device.c, src/gatt-client.c) so far as a
central needs it: discovery, connections, the GATT table, reads, writes, StartNotify. The radio beneath it is the
virtual one, so real ATT bytes go to and from virtual sensors. Not here: pairing, AcquireNotify, advertisement monitors.
"""
