"""The chapters of a cooperative's first day: applying, the first product, a purchase, a parcel, a review."""
