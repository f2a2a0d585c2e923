package lu.folio.device

/** What a phone is called, as on its box: maker and model, each once. */
internal fun modelName(manufacturer: String, model: String): String {
    val maker = manufacturer.replaceFirstChar { it.uppercaseChar() }
    // Some makers put their name into the model.
    return if (model.startsWith(maker, ignoreCase = true)) model else "$maker $model"
}
