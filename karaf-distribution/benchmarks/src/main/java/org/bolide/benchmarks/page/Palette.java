package org.bolide.benchmarks.page;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Draws a picture in the 256 colours that it has most of, which halves its PNG and is not seen on a page of text. */
final class Palette {

    private static final int COLOURS = 256;

    private Palette() {
    }

    static BufferedImage of(BufferedImage image) {
        Map<Integer, Integer> counts = new HashMap<>();
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        for (int pixel : pixels) {
            counts.merge(pixel & 0xffffff, 1, Integer::sum);
        }
        List<Integer> most = counts.entrySet().stream().sorted(Map.Entry.<Integer, Integer>comparingByValue().reversed()
                .thenComparing(Map.Entry.comparingByKey())).limit(COLOURS).map(Map.Entry::getKey).toList();
        int[] colours = most.stream().mapToInt(Integer::intValue).toArray();
        BufferedImage drawn = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE));
        Map<Integer, Integer> nearest = new HashMap<>();
        byte[] indices = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            indices[i] = (byte) (int) nearest.computeIfAbsent(pixels[i] & 0xffffff, colour -> nearest(colours, colour));
        }
        drawn.getRaster().setDataElements(0, 0, image.getWidth(), image.getHeight(), indices);
        return drawn;
    }

    private static int nearest(int[] colours, int colour) {
        int best = 0;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < colours.length; i++) {
            int red = (colours[i] >> 16 & 255) - (colour >> 16 & 255);
            int green = (colours[i] >> 8 & 255) - (colour >> 8 & 255);
            int blue = (colours[i] & 255) - (colour & 255);
            int distance = red * red + green * green + blue * blue;
            if (distance < least) {
                least = distance;
                best = i;
            }
        }
        return best;
    }
}
