package org.bolide.transport;

import java.net.InetAddress;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FilterRoomTest {

    @Test
    void shouldBoundWhatOneAddressAndAllTogetherHave() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        FilterRoom room = new FilterRoom(150, 100);
        assertTrue(room.take(one, 100));
        assertFalse(room.take(one, 1));
        assertTrue(room.take(other, 50));
        assertFalse(room.take(other, 1));
        room.give(one, 40);
        assertTrue(room.take(other, 40));
        assertFalse(room.take(one, 1));
        room.give(other, 90);
        room.give(one, 60);
        assertTrue(room.take(one, 100));
    }
}
