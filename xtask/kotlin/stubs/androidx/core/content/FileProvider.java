// A stub, written by hand from the public API of androidx.core 1.13: it has the declarations that are used here, nothing behind them, and proves no more than their types.

package androidx.core.content;

import android.content.ContentProvider;
import android.content.ContentValues;
import android.content.Context;
import android.database.Cursor;
import android.net.Uri;
import java.io.File;
import org.jspecify.annotations.NonNull;
import org.jspecify.annotations.Nullable;

public class FileProvider extends ContentProvider {
    public FileProvider() {
        throw new UnsupportedOperationException();
    }

    public static Uri getUriForFile(@NonNull Context context, @NonNull String string, @NonNull File file) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean onCreate() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Cursor query(@NonNull Uri uri, String @Nullable [] projection, @Nullable String selection, String @Nullable [] arguments, @Nullable String order) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String getType(@NonNull Uri uri) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Uri insert(@NonNull Uri uri, @NonNull ContentValues values) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int update(@NonNull Uri uri, @NonNull ContentValues values, @Nullable String selection, String @Nullable [] arguments) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int delete(@NonNull Uri uri, @Nullable String selection, String @Nullable [] arguments) {
        throw new UnsupportedOperationException();
    }
}
