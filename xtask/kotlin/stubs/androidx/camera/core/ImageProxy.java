// A stub, written by hand from the public API of CameraX 1.5: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.camera.core;

import android.graphics.Bitmap;
import android.graphics.Rect;
import android.media.Image;
import java.nio.ByteBuffer;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public interface ImageProxy extends AutoCloseable {
    void close();

    @NonNull Rect getCropRect();

    int getFormat();

    int getHeight();

    @ExperimentalGetImage
    @Nullable Image getImage();

    @NonNull ImageInfo getImageInfo();

    ImageProxy.@NonNull PlaneProxy[] getPlanes();

    int getWidth();

    void setCropRect(@Nullable Rect rect);

    default @NonNull Bitmap toBitmap() {
        throw new UnsupportedOperationException();
    }

    public interface PlaneProxy {
        @NonNull ByteBuffer getBuffer();

        int getPixelStride();

        int getRowStride();
    }
}
