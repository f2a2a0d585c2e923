// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

public class AspectRatio {
    public static final int RATIO_16_9 = 1;
    public static final int RATIO_4_3 = 0;
    public static final int RATIO_DEFAULT = -1;

    private AspectRatio() {}
}
