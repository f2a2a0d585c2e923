package lu.folio.camera;

import java.nio.ByteBuffer;

/** A frame as phones give it: rows longer than the picture, chroma interleaved, U one byte behind V. */
final class Picture {
    static final int WIDTH = 1280, HEIGHT = 960, STRIDE = 1344;

    final ByteBuffer y = ByteBuffer.allocateDirect(STRIDE * HEIGHT);
    private final ByteBuffer uv = ByteBuffer.allocateDirect(STRIDE * HEIGHT / 2);
    final ByteBuffer v = part(0), u = part(1);
    private long nanoseconds;

    /** A light page with lines of text on a dark table; nothing in it is the same in any two rows. */
    Picture() {
        long noise = 1;
        for (int row = 0; row < HEIGHT; row++) {
            for (int column = 0; column < STRIDE; column++) {
                noise = noise * 6364136223846793005L + 1442695040888963407L;
                boolean page = column > 250 && column < 1050 && row > 180 && row < 800;
                boolean ink = page && row % 24 < 6 && column > 320 && column < 980 && (column / 9 + row / 24) % 3 > 0;
                int grain = (int) (noise >>> 60);
                y.put(row * STRIDE + column, (byte) ((ink ? 60 : page ? 215 : 70) + grain));
            }
        }
        for (int at = 0; at < uv.capacity(); at++) uv.put(at, (byte) 128);
    }

    private ByteBuffer part(int from) {
        uv.position(from);
        return uv.slice();
    }

    /** As 30 frames a second. */
    int analyze(long session) {
        nanoseconds += 33_333_333;
        return Frames.analyze(session, y, u, v, STRIDE, STRIDE, 2, 0, 0, WIDTH, HEIGHT, 90, nanoseconds);
    }
}
